import { statfsSync, writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { WatchdogData } from './watchdog.ts'

const LOOK_MS = 250
const STDERR = 2
const FEW_MEGABYTES = 64

/** The thread of the watchdog: it alone still runs when the main one does not. */
const { beats, limitMs, dataDir } = workerData as WatchdogData
let seen = 0
let silentMs = 0

/** The usual reason, where it is one. */
function describeDisk(): string {
  try {
    const { bavail, bsize } = statfsSync(dataDir)
    const megabytes = Math.floor((bavail * bsize) / 1024 ** 2)
    return megabytes < FEW_MEGABYTES ? ` The disk of ${dataDir} has ${megabytes} MB left.` : ''
  } catch {
    return ''
  }
}

setInterval(() => {
  const now = Atomics.load(beats, 0)
  silentMs = now === seen ? silentMs + LOOK_MS : 0
  seen = now
  if (silentMs < limitMs) return
  writeSync(
    STDERR,
    `The main thread has not run for ${limitMs / 1000} s, so the process ends. Everything acknowledged is on disk: start it again.${describeDisk()}\n`,
  )
  process.kill(process.pid, 'SIGKILL')
}, LOOK_MS)
