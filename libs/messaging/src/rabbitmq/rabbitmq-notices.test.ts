import { expect, it } from '@jest/globals'
import { EventEmitter } from 'node:events'
import type { MessagingLog } from '../messaging-log.ts'
import type { Link } from './link.ts'
import { RabbitmqNotices } from './rabbitmq-notices.ts'

/** A channel over which the broker accepts all but a binding that is made once it is used. */
class Channel extends EventEmitter {
  refusal: Error | undefined
  async assertExchange(): Promise<void> {}
  async assertQueue(): Promise<object> {
    return { queue: 'own' }
  }
  async consume(): Promise<void> {}
  async bindQueue(): Promise<void> {
    if (this.refusal) throw this.refusal
  }
}

/** What is logged of a binding that fails, by level. */
async function levelsOf(refusal: Error): Promise<string[]> {
  const levels: string[] = []
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [level, () => levels.push(level)]),
  ) as unknown as MessagingLog
  const channel = new Channel()
  let open: ((connection: object) => Promise<void>) | undefined
  const link = (use: (preparation: typeof open) => void) =>
    ({ beforeUse: use, onDown: () => undefined, onUp: () => undefined }) as unknown as Link
  const notices = new RabbitmqNotices({
    sending: link(() => undefined),
    receiving: link((preparation) => (open = preparation)),
    log,
  })
  await open!({ createChannel: async () => channel })
  channel.refusal = refusal
  notices.subscribe('changes', () => undefined)
  await new Promise(setImmediate)
  return levels
}

it('logs an error where the broker refuses a binding, and none where its channel ends meanwhile', async () => {
  const refused = Object.assign(new Error('Operation failed: QueueBind; 403'), { code: 403 })
  expect(await levelsOf(refused)).toEqual(['error'])
  expect(await levelsOf(new Error('Channel ended, no reply will be forthcoming'))).toEqual(['debug'])
})
