import { describe, expect, it } from '@jest/globals'
import { balanceEvent, type EventBalance, type EventRecord } from './balance-event.ts'

const KEYED: EventRecord = { isKeyed: true, attempts: 1, acknowledgements: 1, rows: 1, isDeadLettered: false }
const UNKEYED: EventRecord = { ...KEYED, isKeyed: false }
const NOTHING: EventBalance = {
  ...{ expected: 0, lost: 0, deadLettered: 0, doubled: 0, unacknowledged: 0, duplicates: 0 },
}
const balance = (record: EventRecord, change: Partial<EventRecord>) => balanceEvent({ ...record, ...change })

describe('an event', () => {
  it.each([KEYED, UNKEYED])('that was acknowledged has its row, or is lost', (record) => {
    expect(balance(record, {})).toEqual({ ...NOTHING, expected: 1 })
    expect(balance(record, { rows: 0 })).toEqual({ ...NOTHING, expected: 1, lost: 1 })
  })

  it('is not lost where it is among the dead letters', () => {
    expect(balance(KEYED, { rows: 0, isDeadLettered: true })).toMatchObject({ lost: 0, deadLettered: 1 })
    expect(balance(KEYED, { isDeadLettered: true })).toMatchObject({ lost: 0, deadLettered: 0 })
  })

  it('has one row under a key, however often it was sent and acknowledged', () => {
    const often = { attempts: 4, acknowledgements: 3 }
    expect(balance(KEYED, often)).toEqual({ ...NOTHING, expected: 1, duplicates: 2 })
    expect(balance(KEYED, { ...often, rows: 2 })).toMatchObject({ doubled: 1 })
  })

  it('may have a row for each attempt without a key, and needs one for each acknowledgement', () => {
    expect(balance(UNKEYED, { attempts: 2, rows: 2 })).toEqual({ ...NOTHING, expected: 1 })
    expect(balance(UNKEYED, { attempts: 2, rows: 3 })).toMatchObject({ doubled: 1 })
    expect(balance(UNKEYED, { attempts: 2, acknowledgements: 2 })).toMatchObject({ expected: 2, lost: 1 })
  })

  it('may be stored without an acknowledgement, and may not', () => {
    const none = { acknowledgements: 0 }
    expect(balance(KEYED, none)).toEqual({ ...NOTHING, unacknowledged: 1 })
    expect(balance(KEYED, { ...none, rows: 0 })).toEqual(NOTHING)
    expect(balance(KEYED, { ...none, rows: 2 })).toEqual({ ...NOTHING, unacknowledged: 1, doubled: 1 })
  })
})
