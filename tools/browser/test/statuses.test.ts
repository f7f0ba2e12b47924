import { expect, it } from '@jest/globals'
import { MAILING_STATUSES, MESSAGE_STATUSES } from '@runnel/contracts'
import { readFileSync } from 'node:fs'

/** The console is built without the other libraries, and has lists of its own, in the order in which it shows them. */
const source = readFileSync(new URL('../../../libs/console/src/web/api/mailings.ts', import.meta.url), 'utf8')

function namesOf(list: string): string[] {
  const text = new RegExp(`${list} = \\[([^\\]]*)\\]`).exec(source)?.[1] ?? ''
  return [...text.matchAll(/'(\w+)'/g)].map(([, name]) => name!).sort()
}

it('the console knows the statuses of mailings and messages, every one and no other', () => {
  expect(namesOf('MAILING_STATUSES')).toEqual([...MAILING_STATUSES].sort())
  expect(namesOf('MESSAGE_STATUSES')).toEqual([...MESSAGE_STATUSES].sort())
})
