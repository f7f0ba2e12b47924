import { expect, test } from '@jest/globals'
import { workspaceRoot } from '@runnel/testing'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Tsconfig {
  readonly references: readonly { readonly path: string }[]
}

test('tsconfig.json names every project of the workspace: tsc -b checks no other', () => {
  const folders = globSync('{apps,libs,libs/repositories,tools}/*/package.json', { cwd: workspaceRoot }).map(
    (file) => `./${dirname(file)}`,
  )
  const { references } = JSON.parse(readFileSync(join(workspaceRoot, 'tsconfig.json'), 'utf8')) as Tsconfig
  expect(references.map(({ path }) => path).sort()).toEqual(folders.sort())
})
