/**
 * Loaded into an app before all else (`--import`): its wall clock is wrong by as many milliseconds as the file
 * RUNNEL_CLOCK_FILE says, at once where that changes. The monotonic clock goes on, as when a person or NTP sets the time.
 */
import { readFileSync } from 'node:fs'

const LOOK_MS = 50
const file = process.env['RUNNEL_CLOCK_FILE']
const realNow = Date.now
let offsetMs = 0

function look(path: string): void {
  try {
    offsetMs = Number(readFileSync(path, 'utf8')) || 0
  } catch {
    // It is being written, or there is none: the clock stays as it is.
  }
}

const now = (): number => realNow() + offsetMs

if (file !== undefined) {
  look(file)
  setInterval(look, LOOK_MS, file).unref()
  globalThis.Date = new Proxy(Date, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new Date(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  })
}
