import { describe, expect, it } from '@jest/globals'
import type { SystemState } from '@runnel/contracts/api/system'
import { judgeLag, type LagMemory } from './judge-lag.ts'

type Seen = Pick<SystemState, 'apps' | 'broker'>

const LIMIT = 60

function seen(broker: Partial<SystemState['broker'][number]>, consumer: 'ready' | 'away' = 'ready'): Seen {
  return {
    apps: [{ name: 'consumer', status: consumer } as SystemState['apps'][number]],
    broker: [
      {
        ...{ kind: 'logs', pendingMessages: 0, unsettledMessages: 0, storedEvents: 5, lagSeconds: 0 },
        ...{ streamMessages: 0, streamBytes: 0, streamLimitBytes: 0, deadLetteredEvents: 0 },
        lagAgeSeconds: 0,
        ...broker,
      },
    ],
  }
}

/** Looks at each state, a number of seconds after the first. */
function judgeAll(looks: readonly (readonly [seconds: number, state: Seen])[]) {
  let memory: LagMemory = {}
  return looks.map(([seconds, state]) => {
    const judged = judgeLag(state, memory, seconds * 1000, LIMIT)
    memory = JSON.parse(JSON.stringify(judged.memory)) as LagMemory
    return judged
  })
}

describe('the lag of storing', () => {
  it('is what consumers show of their last batch, while something waits', () => {
    const [late] = judgeAll([[0, seen({ lagSeconds: 90, pendingMessages: 3, unsettledMessages: 2 })]])
    expect(late!.late).toEqual([{ kind: 'logs', seconds: 90, waitingMessages: 5 }])
  })

  it('is over where nothing waits, whatever the last batch was', () => {
    const [idle] = judgeAll([[0, seen({ lagSeconds: 90 })]])
    expect(idle!.late).toEqual([])
  })

  it('counts from when something waits and nothing is stored', () => {
    const stuck = seen({ pendingMessages: 7, lagSeconds: 1 })
    const looks = judgeAll([
      [0, stuck],
      [15, stuck],
      [75, stuck],
      [76, stuck],
    ])
    expect(looks.map(({ late }) => late.map(({ seconds }) => seconds))).toEqual([[], [], [], [61]])
  })

  it('begins anew once something was stored', () => {
    const looks = judgeAll([
      [0, seen({ pendingMessages: 7 })],
      [15, seen({ pendingMessages: 7 })],
      [70, seen({ pendingMessages: 7, storedEvents: 6 })],
      [90, seen({ pendingMessages: 7, storedEvents: 6 })],
    ])
    expect(looks.at(-1)!.late).toEqual([])
  })

  it('is that of consumers which do not answer, after the same time', () => {
    const away = { ...seen({ pendingMessages: null, storedEvents: null }, 'away') }
    const looks = judgeAll([
      [0, away],
      [60, away],
      [61, away],
    ])
    expect(looks.map(({ awaySeconds }) => awaySeconds)).toEqual([undefined, undefined, 61])
  })

  it('is not that of a clock that was set back', () => {
    const stuck = seen({ pendingMessages: 7 })
    const looks = judgeAll([
      [1000, stuck],
      [1015, stuck],
      [0, stuck],
      [50, stuck],
    ])
    expect(looks.at(-1)!.late).toEqual([])
  })
})
