import { existsSync, statfsSync } from 'node:fs'
import { ok, problem, warning, type Finding } from '../finding.ts'

const MB = 1024 ** 2
/** What npm start leaves free by default is 24 MB; below this much it is time to act. */
const LEAST_BYTES = 64 * MB
const LOW_BYTES = 1024 * MB

/** Room on the disk of a folder of npm start; undefined where there is none on this machine. */
export function checkDisk(folder: string): Finding | undefined {
  if (!existsSync(folder)) return undefined
  const { bavail, bsize } = statfsSync(folder)
  const bytes = bavail * bsize
  const message = `${Math.floor(bytes / MB).toLocaleString('en-US')} MB are free on the disk of ${folder}`
  const advice = 'Make room, keep events for fewer days (RETENTION_DAYS), or move the folder to a larger disk'
  if (bytes < LEAST_BYTES) return problem('disk', `${message}: nothing new is taken soon`, advice)
  return bytes < LOW_BYTES ? warning('disk', message, advice) : ok('disk', message)
}
