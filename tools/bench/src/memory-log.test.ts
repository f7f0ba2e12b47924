import { describe, expect, it } from '@jest/globals'
import { MemoryLog, parseStatus } from './memory-log.ts'

describe('parseStatus', () => {
  it('reads what the kernel counts, in MB', () => {
    const text = 'Name:\tnode\nVmPeak:\t 9999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n'
    expect(parseStatus(text)).toEqual({ residentMb: 100, peakMb: 200 })
  })

  it('reads nothing out of a zombie, which has no memory', () => {
    expect(parseStatus('Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined()
  })
})

describe('MemoryLog', () => {
  it('knows nothing about processes that are not there', () => {
    const log = new MemoryLog()
    log.noteIdle('gone', 2 ** 30)
    log.notePeak('gone', 2 ** 30)
    expect(log.list()).toEqual([])
  })
})
