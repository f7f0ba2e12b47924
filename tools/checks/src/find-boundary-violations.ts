import { fileURLToPath } from 'node:url'
import { ESLint, type Linter } from 'eslint'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Types are not needed for the boundaries, and a file that does not exist has none. */
const withoutTypes: Linter.Config = {
  files: ['**/*.ts'],
  languageOptions: { parserOptions: { projectService: false } },
  rules: {
    '@typescript-eslint/no-floating-promises': 'off',
    '@typescript-eslint/no-misused-promises': 'off',
  },
}

const eslint = new ESLint({ cwd: root, overrideConfig: [withoutTypes] })

/**
 * Lints code as if it stood in `file`, with the workspace's own configuration: the rule knows a file's project, and
 * so its layer, by its path.
 *
 * @param file relative to the root; need not exist
 * @returns which of the rule's checks fired, by their message ids
 */
export async function findBoundaryViolations(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: `${root}/${file}`, warnIgnored: true })
  if (result === undefined) throw new Error(`${file} was not linted`)
  const fatal = result.messages.find((message) => message.fatal)
  if (fatal !== undefined) throw new Error(`${file}: ${fatal.message}`)
  return result.messages
    .filter((message) => message.ruleId === '@nx/enforce-module-boundaries')
    .map((message) => message.messageId ?? message.message)
}
