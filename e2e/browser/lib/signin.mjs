// The sign-in page.

/** Fills the form in and sends it. */
export async function signIn(page, name, password) {
  await page.fill('input[name=username]', name)
  await page.fill('input[name=password]', password)
  await page.click('form button[type=submit]:visible')
}
