import { describe, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import type { CliContext } from '../../cli-context.ts'
import { EXIT } from '../../exit-codes.ts'
import { confirm } from './confirm.ts'

/** @param typed by the person at the terminal; undefined: there is none */
function createContext(typed?: string) {
  const input = Object.assign(new PassThrough(), { isTTY: typed !== undefined })
  const err = new PassThrough()
  let shown = ''
  err.setEncoding('utf8').on('data', (text: string) => (shown += text))
  if (typed !== undefined) input.end(typed)
  const context = { input, err, signal: new AbortController().signal } as unknown as CliContext
  return { context, shown: () => shown }
}

describe('confirm', () => {
  it.each(['yes\n', ' YES \n'])('goes on with %j', async (typed) => {
    const { context, shown } = createContext(typed)
    await confirm('Send it?', false, context)
    expect(shown()).toContain('Send it? Type yes to go on: ')
  })

  it.each(['\n', 'y\n', 'no\n'])('does nothing with %j', async (typed) => {
    await expect(confirm('Send it?', false, createContext(typed).context)).rejects.toMatchObject({
      exitCode: EXIT.failed,
      message: 'Not confirmed: nothing was done',
    })
  })

  it('does nothing where nobody can be asked, unless they have said so', async () => {
    const { context } = createContext()
    await expect(confirm('Send it?', false, context)).rejects.toMatchObject({ exitCode: EXIT.usage })
    await confirm('Send it?', true, context)
  })
})
