import { beforeEach, describe, expect, it } from '@jest/globals'
import { eventTimeMs } from '@runnel/contracts'
import { createLiveEntries, toEventText } from './live-entries.ts'
import { TailReader } from './tail-reader.ts'

const entries = createLiveEntries()(3)
const text = `retry: 2000\n\n:\n\n${entries.map(toEventText).join('')}event: dropped\ndata: {"count":2,"missed":5}\n\n`

describe('TailReader', () => {
  let made: number[]
  let reader: TailReader

  beforeEach(() => {
    made = []
    reader = new TailReader((ms) => made.push(ms))
  })

  it('reports when each entry was made, and nothing of other events', () => {
    reader.take(text)
    expect(made).toEqual(entries.map(({ id }) => eventTimeMs(id)))
  })

  it('does not mind where the pieces end', () => {
    for (const character of text) reader.take(character)
    expect(made).toHaveLength(3)
  })
})
