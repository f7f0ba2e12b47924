import { readFileSync } from 'node:fs'

/** Resident memory of an app in MB (2^20 bytes). */
export interface AppMemory {
  readonly app: string
  readonly idleMb: number
  readonly peakMb: number
}

/** What processes held, as the kernel counts it. Empty where there is no /proc. */
export class MemoryLog {
  readonly #apps = new Map<string, { idleMb: number; peakMb: number }>()

  /** To be called when the app is ready and has no work yet. */
  noteIdle(app: string, pid: number): void {
    const status = readStatus(pid)
    if (status) this.#apps.set(app, { idleMb: status.residentMb, peakMb: status.peakMb })
  }

  /** To be called while the process still lives. */
  notePeak(app: string, pid: number): void {
    const status = readStatus(pid)
    const known = this.#apps.get(app)
    if (status && known) known.peakMb = Math.max(known.peakMb, status.peakMb)
  }

  list(): AppMemory[] {
    return [...this.#apps].map(([app, memory]) => ({ app, ...memory }))
  }
}

function readStatus(pid: number): { residentMb: number; peakMb: number } | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param text of /proc/<pid>/status */
export function parseStatus(text: string): { residentMb: number; peakMb: number } | undefined {
  const read = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)
    return match ? Number(match[1]) / 1024 : undefined
  }
  const [residentMb, peakMb] = [read('VmRSS'), read('VmHWM')]
  return residentMb === undefined || peakMb === undefined ? undefined : { residentMb, peakMb }
}
