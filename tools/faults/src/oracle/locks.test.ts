import { expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { Locks } from './locks.ts'

it('gives a thing to one after the other, and things that are apart at once', async () => {
  const locks = new Locks()
  const order: string[] = []
  const work = (name: string) => async () => {
    order.push(`${name} begins`)
    await sleep(10)
    order.push(`${name} ends`)
  }
  await Promise.all([
    locks.hold(['a', 'b'], work('both')),
    locks.hold(['b'], work('second')),
    locks.hold(['c'], work('apart')),
  ])
  expect(order.slice(0, 2)).toEqual(['both begins', 'apart begins'])
  expect(order.indexOf('second begins')).toBeGreaterThan(order.indexOf('both ends'))
})

it('goes on after a failure', async () => {
  const locks = new Locks()
  await expect(locks.hold(['a'], () => Promise.reject(new Error('why')))).rejects.toThrow('why')
  await expect(locks.hold(['a'], () => Promise.resolve(7))).resolves.toBe(7)
})
