import { describe, expect, it } from '@jest/globals'
import { appendFile } from 'node:fs/promises'
import { CommandError } from '../src/command-error.ts'
import type { AckLine, RunLine } from '../src/ledger/ledger-line.ts'
import { openLedger } from '../src/ledger/open-ledger.ts'
import { readLedger } from '../src/ledger/read-ledger.ts'
import { temporaryFolder } from './temporary-folder.ts'

const start: RunLine = { type: 'run', run: 'r', seed: 1, keyed: false, payloadVersion: 2, startedAt: 5 }
const ack = (from: number, count: number, except?: number[]): AckLine => ({
  type: 'ack',
  run: 'r',
  kind: 'logs',
  from,
  count,
  ...(except && { except }),
  status: 202,
  attempts: 1,
  at: 6,
})

describe('a ledger', () => {
  it('gives back what was written, rejected events excepted, also over several openings', async () => {
    await using folder = await temporaryFolder()
    const first = await openLedger(folder.path('l'))
    await first.append(start)
    await first.append(ack(0, 3, [1]))
    await first.close()
    const second = await openLedger(folder.path('l'))
    await Promise.all(Array.from({ length: 20_000 }, (_, i) => second.append(ack(3 + i, 1))))
    await second.close()
    const { runs, unreadable } = await readLedger(folder.path('l'))
    expect(unreadable).toBe(0)
    expect(runs).toHaveLength(1)
    const { logs, metrics } = runs[0]!.acknowledged
    expect([0, 1, 2, 3, 20_002, 20_003].map((seq) => logs.get(seq))).toEqual([1, 0, 1, 1, 1, 0])
    expect(metrics.length).toBe(0)
  })

  it('survives the torn line of a killed run, and the run after it', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write(
      'l',
      `${JSON.stringify(start)}\n${JSON.stringify(ack(0, 1))}\n{"type":"ack","ru`,
    )
    const next = await openLedger(path)
    await next.append(ack(1, 1))
    await next.close()
    await appendFile(path, '{"type":"a')
    const { runs, unreadable } = await readLedger(path)
    expect(unreadable).toBe(2)
    expect([0, 1, 2].map((seq) => runs[0]!.acknowledged.logs.get(seq))).toEqual([1, 1, 0])
  })

  it('is refused when its payloads were made by another version', async () => {
    await using folder = await temporaryFolder()
    const { payloadVersion: _, ...old } = start
    const path = await folder.write('old', `${JSON.stringify(old)}\n`)
    await expect(readLedger(path)).rejects.toThrow('another version of producer-sim')
  })

  it('is refused when it is not a ledger, or is not there, or names two runs alike', async () => {
    await using folder = await temporaryFolder()
    await expect(readLedger(await folder.write('x', 'hello\n'))).rejects.toThrow(CommandError)
    await expect(readLedger(folder.path('nowhere'))).rejects.toThrow('cannot read the ledger')
    const two = `${JSON.stringify(start)}\n${JSON.stringify({ ...start, seed: 2 })}\n`
    await expect(readLedger(await folder.write('two', two))).rejects.toThrow('two different runs')
    await expect(openLedger(folder.path('no/folder'))).rejects.toThrow('cannot write the ledger')
  })
})
