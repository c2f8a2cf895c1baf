package dovecot

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is who reads and writes the mail folders. Dovecot refuses to do that
// as root, so root's tests hand the folders to another user.
type account struct {
	name, group string
	uid, gid    int
}

func mailAccount() (account, error) {
	if os.Getuid() != 0 {
		me, err := user.Current()
		if err != nil {
			return account{}, err
		}
		return lookup(me.Username)
	}
	return lookup("nobody")
}

func lookup(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, err
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return account{}, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, err
	}
	gid, err := strconv.Atoi(u.Gid)
	return account{name: name, group: g.Name, uid: uid, gid: gid}, err
}

// config is the configuration for Dovecot 2.3. Login processes need no chroot:
// only tests talk to them.
func (s *Server) config(mail account) string {
	return fmt.Sprintf(`base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap
listen = 127.0.0.1
default_internal_user = %[2]s
default_internal_group = %[3]s
default_login_user = %[2]s
disable_plaintext_auth = no
first_valid_uid = 1
ssl = yes
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
mail_location = maildir:%[1]s/mail/%%u
mailbox_list_index = no
passdb {
  driver = passwd-file
  args = scheme=PLAIN %[1]s/users
}
userdb {
  driver = static
  args = uid=%[4]d gid=%[5]d home=%[1]s/mail/%%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[6]d
  }
  inet_listener imaps {
    port = %[7]d
    ssl = yes
  }
}
service anvil {
  chroot =
}
`, s.dir, mail.name, mail.group, mail.uid, mail.gid, s.Port, s.TLSPort)
}
