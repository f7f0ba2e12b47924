import { expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { toCurl } from '../src/web/views/logs/to-curl.ts'

const INGEST = 'http://localhost:8080'

/** The arguments that a shell hands to curl: a function in its place prints them. */
function wordsOf(command: string): string[] {
  const script = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; }; RUNNEL_API_KEY=rnl_1; ${command}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0')
}

test('the command is one line that a shell takes apart as it was meant, with an idempotency key that is new', () => {
  const data = { message: `it's "quoted" $HOME \`id\` \\ !x`, attributes: { ключ: "''" } }
  const words = wordsOf(toCurl({ ingest: INGEST, data, needsKey: false, eventId: 'new' }))
  expect(words.slice(0, 7)).toEqual([
    ...['-X', 'POST', `${INGEST}/api/v1/logs`],
    ...['-H', 'content-type: application/json', '-H', 'idempotency-key: new'],
  ])
  expect(JSON.parse(words[8] ?? '')).toEqual(data)
})

test('the key that an entry names itself is another one in the command, and that of the caller stays out of it', () => {
  const data = { message: 'once', eventId: 'old' }
  const command = toCurl({ ingest: INGEST, data, needsKey: true, eventId: 'new' })
  expect(command).not.toContain('rnl_')
  const words = wordsOf(command)
  expect(words).toContain('authorization: Bearer rnl_1')
  expect(words.join()).not.toContain('idempotency-key')
  expect(JSON.parse(words[8] ?? '')).toEqual({ message: 'once', eventId: 'new' })
})
