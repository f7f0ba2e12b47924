import { HEADERS, KINDS } from '@runnel/contracts'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { deliver, type Clients } from './deliver.ts'
import type { RawProducer } from './raw-producer.ts'

const DEPTH = 100
const ENVELOPE = { [HEADERS.envelope]: '1' }

interface Garbage {
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** Each can never be stored, for another reason; all of them show their id. */
export const GARBAGE: readonly ((id: string) => Garbage)[] = [
  (id) => ({ body: Buffer.from(`no JSON ${id}`) }),
  (id) => ({ body: Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(id)]) }),
  (id) => ({ body: Buffer.from(`{"message":"\\u0000","oracle":"${id}"}`) }),
  (id) => ({ body: Buffer.from(`{"message":"\\ud800","oracle":"${id}"}`) }),
  (id) => ({ body: Buffer.from(`{"data":{"value":1e401},"price":1e401,"name":"x","oracle":"${id}"}`) }),
  (id) => ({ body: Buffer.from(`${'['.repeat(DEPTH)}"${id}"${']'.repeat(DEPTH)}`) }),
  (id) => ({ body: Buffer.from(`"${id}"`) }),
  (id) => ({ body: Buffer.from(`no envelope ${id}`), headers: ENVELOPE }),
  (id) => ({ body: Buffer.from(`{"events":[{"id":"${id}","data":{}}]}`), headers: ENVELOPE }),
]

/** A burst of garbage over all subjects, each piece until it is confirmed. */
export async function publishPoison(
  clients: Clients,
  producer: RawProducer,
  { messages, seed }: { readonly messages: number; readonly seed: number },
): Promise<void> {
  const random = xorshift128plus(seed)
  await Promise.all(
    Array.from({ length: messages }, async () => {
      const kind = KINDS[uniformInt(random, 0, KINDS.length - 1)]!
      const event = clients.ledger.add('poison', kind)
      const { body, headers } = GARBAGE[uniformInt(random, 0, GARBAGE.length - 1)]!(event.id)
      await deliver(clients, [event], () => producer.publish(kind, body, event.id, headers))
    }),
  )
}
