import { expect, it } from '@jest/globals'
import { createTemplates } from './templates.ts'

const client = { phone: 79161234567, operatorCode: '916', tag: '', timeZone: 'UTC', attributes: {} }

it('compiles a version of a mailing once, and the next version anew', () => {
  const templates = createTemplates()
  const first = templates.of({ mailingId: 1, version: 1, text: 'one' })
  expect(templates.of({ mailingId: 1, version: 1, text: 'one' })).toBe(first)
  expect(templates.of({ mailingId: 1, version: 2, text: 'two' }).render(client)).toBe('two')
  expect(templates.of({ mailingId: 11, version: 1, text: 'three' }).render(client)).toBe('three')
  expect(templates.of({ mailingId: 1, version: 1, text: 'one' }).render(client)).toBe('one')
})
