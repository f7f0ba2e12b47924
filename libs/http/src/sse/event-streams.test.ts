import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { FairShare } from '../sharing/fair-share.ts'
import { EventStream, formatEvent } from './event-stream.ts'
import { EventStreams, type EventStreamsOptions } from './event-streams.ts'

class TextStream extends EventStream {
  #waiting = ''

  offer(text: string): void {
    this.#waiting += formatEvent('text', text)
    this.sendWaiting()
  }

  resumeSending(): void {
    this.endHold()
  }

  protected override takeWaiting(): string | undefined {
    const waiting = this.#waiting
    this.#waiting = ''
    return waiting || undefined
  }
}

/** A client that reads all the time, or never. */
function readAll(stream: TextStream): { text: string; ended: boolean } {
  const heard = { text: '', ended: false }
  stream.on('data', (piece: Buffer) => (heard.text += piece.toString())).on('end', () => (heard.ended = true))
  return heard
}

/** Lets streams deliver: they do so by ticks, which fake timers leave alone. */
const settle = async () => {
  for (let i = 0; i < 10; i++) await new Promise<void>((resolve) => process.nextTick(resolve))
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick'] }))
afterEach(() => void jest.useRealTimers())

function open(options: Partial<EventStreamsOptions> = {}) {
  const drain = new AbortController()
  const streams = new EventStreams<TextStream>({
    share: new FairShare({ what: 'streams of news', permits: 3, permitsOfPeer: 2 }),
    signal: drain.signal,
    ...options,
  })
  return { drain, streams, add: (peer = 'a') => streams.open(peer, () => new TextStream()) }
}

describe('a stream of events', () => {
  it('begins with a greeting, and then sends what comes', async () => {
    const stream = new TextStream()
    stream.offer('early')
    const heard = readAll(stream)
    await settle()
    stream.offer('late')
    await settle()
    expect(heard.text).toBe('retry: 2000\n\nevent: text\ndata: early\n\nevent: text\ndata: late\n\n')
  })

  it('sends nothing while it is held, and everything afterwards', async () => {
    const stream = new TextStream()
    stream.hold()
    const heard = readAll(stream)
    stream.offer('a')
    stream.heartbeat()
    await settle()
    expect(heard.text).toBe('')
    stream.resumeSending()
    await settle()
    expect(heard.text).toBe('retry: 2000\n\nevent: text\ndata: a\n\n')
  })

  it('ends after what waits', async () => {
    const stream = new TextStream()
    stream.offer('last')
    stream.finish()
    const heard = readAll(stream)
    await settle()
    expect(heard).toEqual({ text: 'retry: 2000\n\nevent: text\ndata: last\n\n', ended: true })
  })

  it('that has ended takes nothing any more, and does not fail by it', async () => {
    const stream = new TextStream()
    const heard = readAll(stream)
    await settle()
    stream.finish()
    stream.offer('too late')
    await settle()
    expect([heard, stream.errored]).toEqual([{ text: 'retry: 2000\n\n', ended: true }, null])
  })
})

describe('open streams', () => {
  it('get a heartbeat every 15 seconds', async () => {
    const { add } = open()
    const heard = readAll(add())
    await settle()
    jest.advanceTimersByTime(14_999)
    await settle()
    expect(heard.text).toBe('retry: 2000\n\n')
    jest.advanceTimersByTime(1)
    await settle()
    expect(heard.text).toBe('retry: 2000\n\n:\n\n')
  })

  it('are closed when their clients take nothing for three heartbeats, and others are not', async () => {
    const { streams, add } = open()
    const [stalled, alive] = [add(), add()]
    readAll(alive)
    await settle()
    for (let beat = 1; beat <= 3; beat++) {
      expect([beat, stalled.destroyed, streams.size]).toEqual([beat, false, 2])
      jest.advanceTimersByTime(15_000)
      await settle()
    }
    expect([stalled.destroyed, alive.destroyed, streams.size]).toEqual([true, false, 1])
  })

  it('are no more than the limit, of one peer and of all, until one ends', async () => {
    const { add } = open()
    const first = add()
    add()
    expect(() => add()).toThrow(expect.objectContaining({ code: 'too_many_requests_of_peer' }))
    add('b')
    expect(() => add('c')).toThrow(expect.objectContaining({ code: 'too_busy' }))
    first.destroy()
    await settle()
    expect(() => add('c')).not.toThrow()
  })

  it('report when the last client has gone', async () => {
    const onEmpty = jest.fn()
    const { add } = open({ onEmpty })
    const [first, second] = [add(), add()]
    first.destroy()
    await settle()
    expect(onEmpty).not.toHaveBeenCalled()
    second.destroy()
    await settle()
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })

  it('end with a drain, after what comes of it, and none is opened any more', async () => {
    const all: TextStream[] = []
    const { drain, add } = open({ onDrain: () => all.forEach((stream) => stream.offer('bye')) })
    all.push(add())
    const heard = readAll(all[0]!)
    await settle()
    drain.abort()
    await settle()
    expect(heard).toEqual({ text: 'retry: 2000\n\nevent: text\ndata: bye\n\n', ended: true })
    expect(() => add()).toThrow(expect.objectContaining({ code: 'shutting_down' }))
  })
})
