import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { APP_NAMES } from '@runnel/contracts/apps'
import { WORKSPACE_ROOT } from '../src/dev-apps.ts'

interface Manifest {
  readonly name: string
  readonly nx?: {
    readonly targets?: Record<string, { readonly command?: string; readonly options?: object }>
  }
}

test.each(APP_NAMES)('nx serve %s runs its main.ts and watches it', (name) => {
  const file = join(WORKSPACE_ROOT, 'apps', name, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  expect(manifest.name).toBe(`@runnel/${name}`)
  expect(manifest.nx?.targets?.['serve']).toMatchObject({
    command: expect.stringMatching(/^node --watch .*src\/main\.ts$/),
    options: { cwd: '{projectRoot}' },
  })
})
