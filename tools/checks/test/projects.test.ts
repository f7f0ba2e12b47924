import { expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

test('npm run typecheck compiles every project: tsconfig.json refers to each', () => {
  const projects = globSync('{apps/*,libs/*,libs/repositories/*,tools/*}/package.json', { cwd: ROOT }).map(
    dirname,
  )
  const { references } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as {
    readonly references: readonly { readonly path: string }[]
  }
  expect(references.map(({ path }) => path).sort()).toEqual(projects.map((project) => `./${project}`).sort())
})
