import { expect, it } from '@jest/globals'
import { CleanupStack } from './cleanup-stack.ts'

/** A stack, and the order in which its members closed. */
function recordingStack() {
  const stack = new CleanupStack()
  const closed: string[] = []
  const use = (name: string, error?: Error) =>
    stack.use({
      close: async () => {
        await Promise.resolve()
        closed.push(name)
        if (error) throw error
      },
    })
  return { stack, closed, use }
}

it('closes in reverse order, one after the other', async () => {
  const { stack, closed, use } = recordingStack()
  use('database')
  stack.defer(() => void closed.push('subscription'))
  use('server')
  await stack.close()
  expect(closed).toEqual(['server', 'subscription', 'database'])
})

it('aborts its signal before anything closes', async () => {
  const { stack } = recordingStack()
  let abortedAtClose = false
  stack.defer(() => void (abortedAtClose = stack.signal.aborted))
  expect(stack.signal.aborted).toBe(false)
  await stack.close()
  expect(abortedAtClose).toBe(true)
})

it('closes the others when one fails, and then reports every failure', async () => {
  const { stack, closed, use } = recordingStack()
  const [first, second] = [new Error('first'), new Error('second')]
  use('a')
  use('b', first)
  use('c')
  stack.defer(() => {
    throw second
  })
  const failure = await stack.close().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AggregateError)
  expect((failure as AggregateError).errors).toEqual([second, first])
  expect(closed).toEqual(['c', 'b', 'a'])
})

it('closes only what was added since, at a second call', async () => {
  const { stack, closed, use } = recordingStack()
  use('a')
  await stack.close()
  use('late')
  await stack.close()
  expect(closed).toEqual(['a', 'late'])
})

it('closes what is added while it closes', async () => {
  const { stack, closed, use } = recordingStack()
  stack.defer(() => void use('opened meanwhile'))
  await stack.close()
  expect(closed).toEqual(['opened meanwhile'])
})
