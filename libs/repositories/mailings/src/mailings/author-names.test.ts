import { describe, expect, it } from '@jest/globals'
import { requireOtherPerson, withAuthors } from './author-names.ts'

const by = (...authorNames: string[]) => ({ actor: 'somebody', nowMs: 0, authorNames })
const others = Array.from({ length: 200 }, (_, n) => `person ${n}`)

describe('the authors of a mailing', () => {
  it('keep who edits it now, also where that person was the first of as many as are kept', () => {
    const first = others[0]!
    const again = withAuthors(others, by(first))
    expect(again).toEqual([...others.slice(1), first])
    expect(withAuthors(again, by('newcomer'))).toEqual([...again.slice(1), 'newcomer'])
    expect(withAuthors(withAuthors(again, by('newcomer')), by('another'))).toContain(first)
  })

  it('keep the person at the beginning of a chain of keys that is longer than what is kept', () => {
    const chain = [...others, 'ann']
    const authors = withAuthors([], by(...chain))
    expect(authors).toHaveLength(200)
    expect(() => requireOtherPerson({ authors }, by('ann'))).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    )
  })

  it('are compared in lower case, also where only the actor is known', () => {
    const authors = withAuthors([], { actor: 'Ann', nowMs: 0 })
    expect(() => requireOtherPerson({ authors }, { actor: 'ANN', nowMs: 0 })).toThrow(
      'another person with the scope mailings:send',
    )
    expect(() => requireOtherPerson({ authors }, by('bob'))).not.toThrow()
  })
})
