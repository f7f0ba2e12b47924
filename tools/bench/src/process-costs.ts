import { childPids } from '@runnel/testing'
import { forgetPeak, readProcess, readProcessTree, type ProcessReading } from './read-process.ts'
import type { Measurement, ProcessUse, Sample } from './sample.ts'

/** `app`: Runnel's; `ceiling`: what it is compared with, which may be the bench itself; `shared`: stores and what else both use. */
export type ProcessRole = 'app' | 'ceiling' | 'shared'

/** A process of a row. */
export interface WatchedProcess {
  readonly process: string
  readonly role: ProcessRole
  /** Resident memory when it was ready and had no work yet, in MB (2^20 bytes). */
  readonly idleMb: number
}

/** What the processes of a row cost. Knows nothing where there is no /proc. */
export class ProcessCosts {
  readonly #watched = new Map<string, WatchedProcess & { readonly pid: number }>()

  /**
   * To be called when the process is ready and has no work yet. One that starts again under the same name takes the place
   * of the one before, whose idle memory stays.
   */
  watch(name: string, pid: number | undefined, role: ProcessRole): void {
    const reading = pid === undefined ? undefined : read(pid, role, childrenOf(pid, role))
    if (pid === undefined || reading === undefined) return
    const idleMb = this.#watched.get(name)?.idleMb ?? reading.residentMb
    this.#watched.set(name, { process: name, role, idleMb, pid })
  }

  /**
   * Does one measurement, and returns what each process used meanwhile. What has to be prepared and tidied up stays outside
   * of `work`.
   */
  async measure(work: () => Promise<Measurement>): Promise<Sample> {
    const watched = [...this.#watched.values()]
    const before = watched.map(({ pid, role }) => {
      const children = childrenOf(pid, role)
      for (const one of [pid, ...children]) forgetPeak(one)
      return read(pid, role, children)
    })
    const measurement = await work()
    const processes = watched.flatMap(({ process, pid, role }, i): ProcessUse[] => {
      const [from, to] = [before[i], read(pid, role, childrenOf(pid, role))]
      if (from === undefined || to === undefined) return []
      return [{ process, cpuSeconds: to.cpuSeconds - from.cpuSeconds, peakMb: to.peakMb }]
    })
    return { ...measurement, processes }
  }

  list(): WatchedProcess[] {
    return [...this.#watched.values()].map(({ process, role, idleMb }) => ({ process, role, idleMb }))
  }
}

/** Only what is shared works with children: those of the bench are all that it started. */
function childrenOf(pid: number, role: ProcessRole): number[] {
  return role === 'shared' ? childPids(pid) : []
}

function read(pid: number, role: ProcessRole, children: readonly number[]): ProcessReading | undefined {
  return role === 'shared' ? readProcessTree(pid, children) : readProcess(pid)
}
