import { expect, test } from '@jest/globals'
import { VERSION } from '@runnel/contracts'
import { workspaceRoot } from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

test('the version that apps and the program name is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  expect(VERSION).toBe(version)
})
