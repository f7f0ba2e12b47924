import { afterEach, describe, expect, it } from '@jest/globals'
import { runIf } from '@runnel/testing'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { parseStat, parseStatus, readProcess, readProcessTree } from './read-process.ts'

const STATUS =
  'Name:\tnode\nVmPeak:\t 9999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nRssShmem:\t    2048 kB\nThreads:\t11\n'

describe('parseStatus', () => {
  it('reads what the kernel counts, in MB', () => {
    expect(parseStatus(STATUS)).toEqual({ residentMb: 100, peakMb: 200, sharedMb: 2 })
  })

  it('finds no memory in a zombie', () => {
    const nothing = { residentMb: 0, peakMb: 0, sharedMb: 0 }
    expect(parseStatus('Name:\tnode\nState:\tZ (zombie)\n')).toEqual(nothing)
  })
})

describe('parseStat', () => {
  it('reads the times in seconds, whatever the program is called', () => {
    const text = '77 (a) S 1 (b) R 1 77 77 0 -1 4194560 900 0 0 0 150 50 7 3 20 0 11 0 12345 0 0\n'
    expect(parseStat(text)).toEqual({ cpuSeconds: 2, endedChildrenSeconds: 0.1 })
  })
})

const describeWithProc = runIf(existsSync('/proc/self/stat'), describe, 'this system has no /proc')

describeWithProc('with /proc', () => {
  let parent: ChildProcess | undefined
  afterEach(async () => {
    if (parent === undefined) return
    parent.kill('SIGKILL')
    await once(parent, 'exit')
  })

  it('knows nothing about processes that are not there', () => {
    expect(readProcess(2 ** 30)).toBeUndefined()
    expect(readProcessTree(2 ** 30, [])).toBeUndefined()
  })

  it('counts children only of a tree: those that are alive, and the time of those that have ended', async () => {
    const work = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'
    parent = spawn('sh', ['-c', `(${work}); echo done; read line`], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(parent.stdout!, 'data')
    const own = readProcess(process.pid)!
    const [alone, tree] = [readProcess(parent.pid!)!, readProcessTree(parent.pid!, [process.pid])!]
    expect(tree.cpuSeconds).toBeGreaterThan(alone.cpuSeconds + own.cpuSeconds * 0.9 + 0.02)
    expect(tree.peakMb).toBeGreaterThan(alone.peakMb)
  })
})
