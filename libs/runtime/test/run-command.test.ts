import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** Runs test/command.ts. */
function run(problem: string): Promise<{ code: unknown; lines: readonly string[] }> {
  const args = [join(import.meta.dirname, 'command.ts'), problem]
  const env = { ...process.env, NODE_OPTIONS: '' }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, _stdout, stderr) =>
      resolve({ code: error?.code, lines: stderr.trimEnd().split('\n') }),
    )
  })
}

it.each([
  ['usage', 'There is no such command'],
  ['app', 'The name is empty: expected a name'],
  ['url', 'Invalid URL'],
  ['fetch', 'fetch failed'],
])('a command that fails as expected (%s) prints one line and ends with 1', async (problem, line) => {
  expect(await run(problem)).toEqual({ code: 1, lines: [line] })
})

it.each([
  ['type', 'TypeError: Cannot read properties of undefined'],
  ['range', 'RangeError: Invalid array length'],
  ['reference', 'ReferenceError: isNowhere is not defined'],
  ['syntax', 'SyntaxError: '],
])('a defect of a command (%s) prints where it is, and ends with 1', async (problem, line) => {
  const { code, lines } = await run(problem)
  expect(code).toBe(1)
  expect(lines[0]).toContain(line)
  expect(lines.slice(1).join('\n')).toMatch(/^ {4}at .*command\.ts/m)
})
