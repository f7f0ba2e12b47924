import { describe, expect, it } from '@jest/globals'
import { loadConfig } from './config.ts'
import { welcome } from './welcome.ts'

const commandsOf = (env: Readonly<Record<string, string>>) =>
  welcome(loadConfig(env), { mailingId: 1 }, 'npm start')
    .split('\n')
    .filter((line) => line.startsWith('curl '))

describe('the commands that a start prints', () => {
  it('send the key where one is asked for', () => {
    const env = { AUTH: 'keys' }
    expect(welcome(loadConfig(env), undefined, 'npm start')).toContain('export RUNNEL_API_KEY=rnl_')
    const commands = commandsOf(env)
    expect(commands.length).toBeGreaterThan(5)
    for (const command of commands) expect(command).toContain('-H "Authorization: Bearer $RUNNEL_API_KEY"')
  })

  it('are plain where everything is open', () => {
    expect(commandsOf({}).join('\n')).not.toContain('Authorization')
  })
})
