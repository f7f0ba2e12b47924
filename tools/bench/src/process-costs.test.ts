import { describe, expect, it } from '@jest/globals'
import { runIf } from '@runnel/testing'
import { existsSync } from 'node:fs'
import { ProcessCosts } from './process-costs.ts'

const nothing = { rate: 1, operations: 1, errors: 0 }
const describeWithProc = runIf(existsSync('/proc/self/stat'), describe, 'this system has no /proc')

describeWithProc('ProcessCosts', () => {
  it('counts CPU time of the measurement alone', async () => {
    const costs = new ProcessCosts()
    costs.watch('bench', process.pid, 'ceiling')
    burn(100)
    const idle = await costs.measure(async () => nothing)
    const busy = await costs.measure(async () => {
      burn(100)
      return nothing
    })
    expect(idle).toMatchObject(nothing)
    const [idleUse, busyUse] = [idle.processes[0]!, busy.processes[0]!]
    expect(busyUse.cpuSeconds).toBeGreaterThan(idleUse.cpuSeconds + 0.03)
    expect(busyUse.peakMb).toBeGreaterThan(0)
  })

  it('keeps what a process held when it was first ready, whatever process takes its place', async () => {
    const costs = new ProcessCosts()
    costs.watch('consumer', process.pid, 'app')
    const [first] = costs.list()
    costs.watch('consumer', process.ppid, 'app')
    expect(costs.list()).toEqual([first])
    expect(first).toMatchObject({ process: 'consumer', role: 'app' })
  })

  it('knows nothing about processes that are not there', async () => {
    const costs = new ProcessCosts()
    costs.watch('gone', 2 ** 30, 'shared')
    costs.watch('never', undefined, 'app')
    expect(costs.list()).toEqual([])
    expect(await costs.measure(async () => nothing)).toEqual({ ...nothing, processes: [] })
  })
})

/** CPU time, not time that passes: the machine may be busy. */
function burn(ms: number): void {
  for (const from = process.cpuUsage(); process.cpuUsage(from).user < ms * 1000;);
}
