import { describe, expect, it } from '@jest/globals'
import { judgeAnswer, describeNoAnswer } from './judge-answer.ts'

const none = new Headers()
const later = new Headers({ 'retry-after': '1' })

describe('an answer', () => {
  it.each([200, 202])('with %i is an acknowledgement', (status) => {
    expect(judgeAnswer(status, none, '{"status":"ok"}')).toEqual({
      ...{ what: String(status), accepted: 'all', deadLettered: false },
    })
  })

  it('that waited for the row names it, and says what became of it', () => {
    const headers = new Headers({ 'event-id': 'a' })
    for (const status of ['stored', 'superseded', 'duplicate'])
      expect(judgeAnswer(200, headers, `{"status":"${status}"}`).claim).toEqual({ status, eventId: 'a' })
    expect(judgeAnswer(202, headers, '{"status":"ok"}').claim).toBeUndefined()
    expect(judgeAnswer(200, none, '{"status":"stored","accepted":2}').claim).toBeUndefined()
  })

  it('with 503 takes nothing, or what it names', () => {
    expect(judgeAnswer(503, later, '{"code":"backlog_full"}')).toEqual({
      ...{ what: '503 backlog_full', accepted: 'none', deadLettered: false },
    })
    expect(judgeAnswer(503, later, '{"code":"partly_accepted","accepted":[0,2]}').accepted).toEqual([0, 2])
  })

  it.each([
    ['503 without Retry-After', 503, '{}'],
    ['500 {}', 500, '{}'],
    ['400 {"code":"bad_json"}', 400, '{"code":"bad_json"}'],
    ['good events were rejected', 202, '{"accepted":1,"rejected":[{"index":1}]}'],
  ])('may never be: %s', (wrongAnswer, status, text) => {
    expect(judgeAnswer(status, none, text).wrongAnswer).toContain(wrongAnswer)
  })

  it('that says that the event is among the dead letters is kept, and complained of', () => {
    const outcome = judgeAnswer(422, none, '{"code":"dead_lettered"}')
    expect(outcome).toMatchObject({
      deadLettered: true,
      accepted: 'none',
      wrongAnswer: expect.stringMatching('422'),
    })
  })

  it('that never came takes nothing', () => {
    const error = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    expect(describeNoAnswer(error)).toEqual({ what: 'ECONNRESET', accepted: 'none', deadLettered: false })
  })
})
