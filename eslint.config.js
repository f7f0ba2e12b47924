import nx from '@nx/eslint-plugin'
import * as jsonc from 'jsonc-eslint-parser'
import tseslint from 'typescript-eslint'

const FOUNDATION = ['layer:contracts', 'layer:json', 'layer:foundation']
const INFRASTRUCTURE = ['layer:infra', 'layer:database', 'layer:repositories']

/**
 * The dependency rule: contracts <- json <- foundation <- infrastructure <- apps <- tools.
 * Infrastructure libraries do not import each other, but that the repositories share the database. `testing` may use
 * every library, tools may use it, and to all others it is for tests alone. `client` is published by itself: it imports nothing
 * of Runnel, and only tools may import it.
 * tools/checks breaks the rule in every way and proves that it fires.
 */
export const depConstraints = [
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:json', onlyDependOnLibsWithTags: ['layer:contracts'] },
  { sourceTag: 'layer:foundation', onlyDependOnLibsWithTags: FOUNDATION },
  { sourceTag: 'layer:infra', onlyDependOnLibsWithTags: FOUNDATION },
  { sourceTag: 'layer:database', onlyDependOnLibsWithTags: FOUNDATION },
  { sourceTag: 'layer:repositories', onlyDependOnLibsWithTags: [...FOUNDATION, 'layer:database'] },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: [...FOUNDATION, ...INFRASTRUCTURE],
    bannedExternalImports: ['pg', 'nats', 'ioredis', 'kysely', 'kysely/*', '@electric-sql/pglite'],
  },
  {
    sourceTag: 'layer:testing',
    onlyDependOnLibsWithTags: ['layer:testing', ...FOUNDATION, ...INFRASTRUCTURE],
  },
  { sourceTag: 'layer:client', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'layer:tools',
    onlyDependOnLibsWithTags: [
      ...FOUNDATION,
      ...INFRASTRUCTURE,
      'layer:app',
      'layer:client',
      'layer:testing',
      'layer:tools',
    ],
  },
]

const boundaries = (constraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    banTransitiveDependencies: false,
    depConstraints: constraints,
  },
]

/** In tests the same layers hold, and `testing` is open to all. */
const testConstraints = depConstraints.map((constraint) => ({
  ...constraint,
  onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'layer:testing'],
  bannedExternalImports: [],
}))

export default [
  {
    ignores: [
      '**/dist/**',
      '**/tmp/**',
      '**/node_modules/**',
      '.nx/**',
      'libs/{client,wire}/src/generated/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.js'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only main.ts reads the environment; take a config instead.',
        },
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
          message: 'Set process.exitCode and let the cleanup stack end the process.',
        },
      ],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(testConstraints),
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  {
    files: [
      'libs/runtime/src/run-service.ts',
      '**/main.ts',
      '**/*-main.ts',
      'tools/**/*.{ts,js}',
      '**/jest.config.js',
    ],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  { files: ['**/jest.config.js'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['{apps,libs,tools}/**/package.json'],
    // The console's packages are bundled into static files; of images, only what bundles is installed for a build.
    ignores: ['libs/console/package.json', 'tools/images/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonc },
    rules: {
      // Sources import what their package.json names, and it names nothing else. Knip checks what tests import.
      '@nx/dependency-checks': [
        'error',
        {
          buildTargets: ['typecheck'],
          ignoredFiles: [
            '{projectRoot}/**/*.test.ts',
            '{projectRoot}/test/**',
            '{projectRoot}/*.config.{js,ts}',
          ],
          // standalone brings it for libs/repositories, which has it as an optional peer.
          ignoredDependencies: ['@electric-sql/pglite'],
          // npm installs what the manifests ask for; the rule compares with another copy of lru-cache.
          checkVersionMismatches: false,
        },
      ],
    },
  },
]
