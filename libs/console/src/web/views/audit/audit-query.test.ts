import { describe, expect, it } from '@jest/globals'
import { toAuditQuery } from './audit-query.ts'

const NOW = Date.parse('2026-11-30T08:00:00Z')

describe('the list of what was done', () => {
  const query = (address: string) => toAuditQuery(new URLSearchParams(address), NOW)

  it('is asked for by object, actor, action and age', () => {
    expect(query('subject=mailing&id=7&actor=ann&action=pause&age=24h&cursor=abc')).toEqual({
      ...{ subject: 'mailing', subjectId: '7', actor: 'ann', action: 'pause', cursor: 'abc', limit: 100 },
      from: '2026-11-29T08:00:00.000Z',
    })
  })

  it.each(['', 'age=', 'age=constructor', 'age=2y', 'actor='])(
    'leaves out what does not filter: %s',
    (address) => {
      const { limit, ...rest } = query(address)
      expect(limit).toBe(100)
      expect(Object.values(rest).filter((value) => value !== undefined)).toEqual([])
    },
  )
})
