import { AppError } from '@runnel/contracts'
import { runCommand, UsageError } from '../src/index.ts'

/** What may go wrong in a command, by the name that the test gives. */
const PROBLEMS: Readonly<Record<string, () => unknown>> = {
  usage: () => {
    throw new UsageError('There is no such command')
  },
  app: () => {
    throw new AppError('invalid_field', 'The name is empty', { field: '/name', expected: 'a name' })
  },
  url: () => new URL('nowhere'),
  fetch: () => fetch('http://127.0.0.1:1', { redirect: 'error' }),
  type: () => (undefined as unknown as { name: string }).name,
  range: () => new Array(-1),
  reference: () => Function('return isNowhere')() as unknown,
  syntax: () => JSON.parse('{') as unknown,
}

await runCommand(async () => {
  await PROBLEMS[process.argv[2]!]!()
})
