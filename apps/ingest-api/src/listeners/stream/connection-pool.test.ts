import { expect, it } from '@jest/globals'
import { ConnectionPool } from './connection-pool.ts'

const createPool = (bytes = 100) => new ConnectionPool({ connections: 10, connectionsPerAddress: 10, bytes })

/** Names in the order in which their promises were kept. */
function createLog() {
  const done: string[] = []
  const note = (name: string) => () => void done.push(name)
  const settled = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
    return done
  }
  return { note, settled }
}

it('keeps room for what grows before anything else begins, and counts it', async () => {
  const pool = createPool()
  const { note, settled } = createLog()
  const [first, second] = [await pool.takeTurn(40), await pool.takeTurn(40)]
  void pool.takeTurn(15).then(note('third'))
  expect(await settled()).toEqual(['third'])
  void first.grow(60).then(note('first grown'))
  void pool.takeTurn(1).then(note('fourth'))
  expect([await settled(), first.bytes]).toEqual([['third'], 40])
  second.release()
  expect([await settled(), first.bytes]).toEqual([['third', 'first grown', 'fourth'], 60])
  expect(pool.isFull).toBe(false)
})

it('lets those that all need more than there is go on one after the other', async () => {
  const pool = createPool()
  const { note, settled } = createLog()
  const turns = [await pool.takeTurn(50), await pool.takeTurn(50)]
  for (const [i, turn] of turns.entries()) void turn.grow(300).then(note(`${i}`))
  void pool.takeTurn(10).then(note('new'))
  expect([await settled(), pool.isFull]).toEqual([['0'], true])
  turns[0]!.release()
  expect(await settled()).toEqual(['0', '1'])
  turns[1]!.release()
  expect([await settled(), pool.isFull]).toEqual([['0', '1', 'new'], false])
})

it('frees what it came to keep once it is over', async () => {
  const pool = createPool()
  const turn = await pool.takeTurn(10)
  await turn.grow(150)
  expect(pool.isFull).toBe(true)
  turn.endExpansion()
  expect([pool.isFull, turn.bytes]).toEqual([false, 0])
  turn.release()
  await expect(pool.takeTurn(100)).resolves.toMatchObject({ bytes: 100 })
})
