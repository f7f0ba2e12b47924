import { describe, expect, it } from '@jest/globals'
import { ByteQueue } from '../byte-queue.ts'
import type { Frame } from '../frame.ts'
import { CutSyslog } from './cut-syslog.ts'

/** What comes out of bytes that come in pieces. */
function cut(pieces: readonly Buffer[], maxBytes = 1000): string[] {
  const queue = new ByteQueue()
  const cutter = new CutSyslog(maxBytes)
  const frames: (Frame | undefined)[] = []
  for (const piece of pieces) {
    queue.append(piece)
    for (let frame = cutter.next(queue); frame; frame = cutter.next(queue)) frames.push(frame)
    queue.settle()
  }
  frames.push(cutter.last(queue.take(queue.length)))
  return frames.filter((frame) => frame !== undefined).map(String)
}

const bytewise = (text: string) => [...Buffer.from(text)].map((byte) => Buffer.from([byte]))

const MIXED =
  '<13>a line\n11 <13>counted16 <13>with\na line\n\n<13>with NUL\0<13>with both\0\n' +
  '2026-11-30 without a priority\n15 minutes later\r\n<13>crlf\r\n11 <13>näher\n\n<13>last without an end'
const FRAMES = [
  '<13>a line',
  '<13>counted',
  '<13>with\na line\n',
  '<13>with NUL',
  '<13>with both',
  '2026-11-30 without a priority',
  '15 minutes later\r',
  '<13>crlf\r',
  '<13>näher\n',
  '<13>last without an end',
]

describe('messages over a connection', () => {
  it('are cut by their length or at the line feed, recognised anew at each', () => {
    expect(cut([Buffer.from(MIXED)])).toEqual(FRAMES)
  })

  it('are the same wherever what comes is split', () => {
    const bytes = Buffer.from(MIXED)
    expect(cut(bytewise(MIXED))).toEqual(FRAMES)
    for (let at = 0; at <= bytes.length; at++) {
      expect(cut([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(FRAMES)
    }
  })

  it.each([
    ['a line', `<13>${'x'.repeat(50)}\n<13>good\n`],
    ['a counted one', `54 <13>${'x'.repeat(50)}8 <13>good`],
    ['one with NUL', `<13>${'x'.repeat(50)}\0<13>good\n`],
  ])('that are too large cost themselves: %s', (_, text) => {
    expect(cut([Buffer.from(text)], 20)).toEqual(['too_large', '<13>good'])
    expect(cut(bytewise(text), 20)).toEqual(['too_large', '<13>good'])
  })

  it('that end before their length are not taken for whole', () => {
    expect(cut([Buffer.from('<13>whole\n20 <13>half')])).toEqual(['<13>whole', 'incomplete'])
    expect(cut([Buffer.from('99999999999 <13>x\n')])).toEqual(['99999999999 <13>x'])
  })
})
