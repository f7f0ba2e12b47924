import { expect, test } from '@jest/globals'
import { eventually, freePort, ManagedProcess, type ProcessRecipe } from '../src/index.ts'

/** Starts a program, and waits until it has written `ready`. */
async function start(program: string, more: Partial<ProcessRecipe> = {}): Promise<ManagedProcess> {
  const port = await freePort()
  const started = await ManagedProcess.start({
    name: 'the program',
    command: process.execPath,
    args: ['-e', `${program}; setInterval(() => {}, 1000); console.log('ready')`],
    env: { ...process.env, NODE_OPTIONS: '' },
    url: `http://127.0.0.1:${port}`,
    port,
    ...more,
  })
  await eventually(() => started.logs().includes('ready'))
  return started
}

test('the end of the output is kept, and no more than asked for', async () => {
  await using program = await start(`for (let i = 0; i < 10_000; i++) console.log('line ' + i)`, {
    logChars: 100,
  })
  expect(program.logs()).toHaveLength(100)
  expect(program.logs()).toMatch(/line 9998\nline 9999\nready\n$/)
})

test('a process that ignores its stop signal is killed past the deadline', async () => {
  await using program = await start(`process.on('SIGTERM', () => console.log('ignored'))`)
  expect(await program.stop(100)).toEqual({ code: null, signal: 'SIGKILL' })
  expect(program.pid).toBeUndefined()
})

test('each line and each exit is reported, with the output of that run alone', async () => {
  const lines: string[] = []
  const exits: [string | null, string][] = []
  await using program = await start('', {
    onLine: (line) => lines.push(line),
    onExit: ({ signal }, log) => exits.push([signal, log]),
  })
  await program.kill('SIGKILL')
  await program.restart()
  await eventually(() => program.logs() === 'ready\nready\n')
  await program.stop()
  expect(lines).toEqual(['ready', 'ready'])
  expect(exits).toEqual([
    ['SIGKILL', 'ready\n'],
    ['SIGTERM', 'ready\n'],
  ])
})

test('a process that exits before it is ready is an error, even where another one answers', async () => {
  const exited = Promise.withResolvers<void>()
  const exiting = start('process.exit(3)', { probe: () => exited.promise, onExit: () => exited.resolve() })
  await expect(exiting).rejects.toThrow('the program ended with code 3')
})
