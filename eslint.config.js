import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

/**
 * The dependency rule: contracts <- json <- foundation <- infrastructure <- apps <- tools.
 * Infrastructure libraries do not import each other; `testing` may use every library and is for tests alone.
 * tools/checks breaks the rule in every way and proves that it fires.
 */
export const depConstraints = [
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:json', onlyDependOnLibsWithTags: ['layer:contracts'] },
  {
    sourceTag: 'layer:foundation',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:json', 'layer:foundation'],
  },
  {
    sourceTag: 'layer:infra',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:json', 'layer:foundation'],
  },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:json', 'layer:foundation', 'layer:infra'],
    bannedExternalImports: ['pg', 'nats', 'ioredis', 'kysely', 'kysely/*', '@electric-sql/pglite'],
  },
  {
    sourceTag: 'layer:tools',
    onlyDependOnLibsWithTags: [
      'layer:contracts',
      'layer:json',
      'layer:foundation',
      'layer:infra',
      'layer:app',
      'layer:testing',
      'layer:tools',
    ],
  },
  {
    sourceTag: 'layer:testing',
    onlyDependOnLibsWithTags: [
      'layer:testing',
      'layer:contracts',
      'layer:json',
      'layer:foundation',
      'layer:infra',
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

/** In tests the same layers hold, and `testing` is open to everybody. */
const testConstraints = depConstraints.map((constraint) => ({
  ...constraint,
  onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'layer:testing', 'layer:tools'],
  bannedExternalImports: [],
}))

export default [
  { ignores: ['**/dist/**', '**/tmp/**', '**/node_modules/**', '.nx/**'] },
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
]
