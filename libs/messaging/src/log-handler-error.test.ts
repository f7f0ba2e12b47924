import { expect, it } from '@jest/globals'
import type { MessagingLog } from './messaging-log.ts'
import { logHandlerError } from './log-handler-error.ts'

const interrupted = Object.assign(new Error('The operation was aborted'), { name: 'AbortError' })

it.each([
  ['an error', 'a batch that failed', false, new Error('why')],
  ['an error', 'a batch that was aborted though nothing drains', false, interrupted],
  ['an error', 'a batch that failed while it drained', true, new Error('why')],
  ['no error', 'a batch that the drain has interrupted', true, interrupted],
])('logs %s of %s', (what, _, drains, error) => {
  const levels: string[] = []
  const note = (level: string) => () => void levels.push(level)
  const log: MessagingLog = {
    ...{ debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
  }
  logHandlerError(log, 'logs', drains ? AbortSignal.abort() : new AbortController().signal)(error)
  expect(levels).toEqual([what === 'an error' ? 'error' : 'debug'])
})
