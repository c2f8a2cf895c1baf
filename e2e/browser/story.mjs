// The story of a flow in the editor, told by TestEditor. Each act is a file.
import { ask, brief } from './lib/backstage.mjs'
import { close, person } from './lib/browser.mjs'
import { step } from './lib/steps.mjs'
import { arrive } from './acts/1-arrive.mjs'
import { bringIn } from './acts/2-import.mjs'
import { configure } from './acts/3-configure.mjs'
import { firstDeploy } from './acts/4-deploy.mjs'
import { live } from './acts/5-live.mjs'
import { replay } from './acts/6-replay.mjs'
import { rehearse } from './acts/7-rehearse.mjs'
import { edit } from './acts/8-edit.mjs'

const acts = [arrive, bringIn, configure, firstDeploy, live, replay, rehearse, edit]

const cast = { admin: await person('admin') }
try {
  for (const act of acts) {
    await act(cast)
    await step(`nothing went wrong unseen (${act.name})`, () => {
      for (const one of Object.values(cast)) one.guard.clean()
    })
  }
} catch {
  process.exitCode = 1 // the step has said what it was
} finally {
  await close()
}
process.stdin.destroy()
