// The story of a flow in the editor, told by TestEditor. Each act is a file.
import { brief } from './lib/backstage.mjs'
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
import { shape } from './acts/9-shapes.mjs'
import { conflict } from './acts/10-conflict.mjs'
import { troubles } from './acts/11-troubles.mjs'
import { end } from './acts/12-ends.mjs'
import { picture } from './acts/pictures.mjs'
import { view } from './acts/13-viewer.mjs'

const story = [rehearse, edit, shape, conflict, troubles, end, view]
const acts = [arrive, bringIn, configure, firstDeploy, live, replay, ...brief.pictures ? [picture] : story]

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
