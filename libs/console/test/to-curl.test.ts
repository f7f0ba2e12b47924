import { expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { ingestUrl, toCurl } from '../src/web/views/logs/to-curl.ts'

test('the command is one line that a shell takes apart as it was meant', () => {
  const entry = { message: `it's "quoted" $HOME \`id\` \\ !x`, attributes: { ключ: "''" } }
  const command = toCurl(ingestUrl('localhost'), entry)
  // A shell function in place of curl prints its arguments.
  const script = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; }; ${command}`
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0')
  expect(words.slice(0, 5)).toEqual([
    '-X',
    'POST',
    'http://localhost:8080/api/v1/logs',
    '-H',
    'content-type: application/json',
  ])
  expect(JSON.parse(words[6] ?? '')).toEqual(entry)
})
