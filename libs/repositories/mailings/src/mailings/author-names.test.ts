import { describe, expect, it } from '@jest/globals'
import { requireOtherPerson, withAuthors } from './author-names.ts'

const by = (...authorNames: string[]) => ({ actor: 'somebody', nowMs: 0, authorNames })
const others = Array.from({ length: 200 }, (_, n) => `person ${n}`)

describe('the authors of a mailing', () => {
  it('keep who edits it now, also where that person was the first of as many as are kept', () => {
    const first = others[0]!
    const again = withAuthors(others, by(first))
    expect(again).toEqual([...others.slice(1), first])
    const more = withAuthors(again, by('newcomer'))
    expect(more.slice(1)).toEqual([...again.slice(1), 'newcomer'])
    expect(withAuthors(more, by('another'))).toContain(first)
    expect(withAuthors(more, by('another'))).toHaveLength(201)
  })

  it('cannot be approved by anybody once there were too many: the first of them may ask', () => {
    const authors = withAuthors(withAuthors(others, by('newcomer')), by('another'))
    expect(authors).not.toContain(others[0])
    for (const name of [others[0]!, 'bob'])
      expect(() => requireOtherPerson({ authors }, by(name))).toThrow('Make a copy')
    expect(() => requireOtherPerson({ authors: others }, by('bob'))).not.toThrow()
  })

  it('keep the person at the beginning of a chain of keys that is longer than what is kept', () => {
    const chain = [...others, 'ann']
    const authors = withAuthors([], by(...chain))
    expect(authors).toHaveLength(200)
    expect(() => requireOtherPerson({ authors }, by('ann'))).toThrow('goes back to you')
    expect(() => requireOtherPerson({ authors }, by('bob'))).not.toThrow()
  })

  it('are compared in lower case, also where only the actor is known', () => {
    const authors = withAuthors([], { actor: 'Ann', nowMs: 0 })
    expect(() => requireOtherPerson({ authors }, { actor: 'ANN', nowMs: 0 })).toThrow(
      'another person with the scope mailings:send',
    )
    expect(() => requireOtherPerson({ authors }, by('bob'))).not.toThrow()
  })
})
