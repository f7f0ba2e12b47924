import { expect, it } from '@jest/globals'
import { connectBroker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { createWake } from './wake.ts'

const LONG_MS = 600_000

async function replicas(count: number) {
  const broker = await connectBroker('memory:', { name: 'test', log: createLogger('test', 'silent') })
  const wakes = Array.from({ length: count }, () => createWake(broker, 'wake'))
  const close = async () => {
    for (const wake of wakes) wake.close()
    await broker.close()
  }
  return { wakes, close }
}

it('ends the pauses of every loop of every replica', async () => {
  const { wakes, close } = await replicas(3)
  const { signal } = new AbortController()
  const pauses = wakes.flatMap((wake) => [wake.pause(LONG_MS, signal), wake.pause(LONG_MS, signal)])
  wakes[1]!.notify()
  expect(await Promise.all(pauses)).toHaveLength(6)
  await close()
})

it('ends a pause after its time, and when the signal aborts', async () => {
  const { wakes, close } = await replicas(1)
  const abort = new AbortController()
  await wakes[0]!.pause(1, abort.signal)
  const pause = wakes[0]!.pause(LONG_MS, abort.signal)
  abort.abort()
  await pause
  await wakes[0]!.pause(LONG_MS, abort.signal)
  await close()
})
