package node

// LabelOf names another node, by id, as a person knows it: by its name, else by
// type and id; the id alone if the flow file has no such node. For error texts.
func LabelOf(env Env, id string) string {
	typ, _, there := env.Peer(id)
	if !there {
		return id
	}
	for _, peer := range env.Peers(typ) {
		if peer.ID == id && peer.Name != "" {
			return peer.Name
		}
	}
	return typ + " " + id
}
