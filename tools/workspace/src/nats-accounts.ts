import { NATS_PERMISSIONS, SENDER_SUBJECTS, type NatsApp } from './nats-permissions.ts'

export const NATS_ACCOUNTS = 'deploy/nats/accounts.conf'
export const NATS_TABLE = 'docs/NATS-PERMISSIONS.md'

const APPS = Object.keys(NATS_PERMISSIONS) as NatsApp[]

/** The variable of nats-server that holds an app's password. */
function passwordVariable(user: string): string {
  return `${user.replaceAll('-', '_').toUpperCase()}_NATS_PASSWORD`
}

/** The text of deploy/nats/accounts.conf: a user for each app, and an account apart for third parties. */
export function renderNatsAccounts(): string {
  const exports = SENDER_SUBJECTS.map((subject) => `      { service: ${subject}, accounts: [SENDERS] }`)
  const imports = SENDER_SUBJECTS.map(
    (subject) => `      { service: { account: RUNNEL, subject: ${subject} } }`,
  )
  return `# Users of NATS for Runnel, with the least that each needs: docs/NATS-PERMISSIONS.md. Written by npm run env-example.
# Passwords come from the environment of nats-server, one variable each. Subjects are those of an empty SUBJECT_PREFIX.
accounts {
  RUNNEL {
    jetstream: enabled
    users: [
${APPS.map(renderApp).join('')}      # For people and the nats command: everything.
      { user: operator, password: $OPERATOR_NATS_PASSWORD }
    ]
    # Third parties reach these subjects, and what JetStream answers there, and nothing else of this account.
    exports: [
${exports.join('\n')}
    ]
  }
  # Apart from the apps: inside their account, the subject that a sender names for its confirmation could be one that purges a stream.
  SENDERS {
    users: [
      # One for each sender, with the subjects that it sends to. It listens to answers under a prefix of its own.
      {
        user: sender
        password: $SENDER_NATS_PASSWORD
        permissions: {
          publish: [${SENDER_SUBJECTS.join(', ')}]
          subscribe: ["_INBOX.sender.>"]
        }
      }
    ]
    imports: [
${imports.join('\n')}
    ]
  }
}
`
}

function renderApp(app: NatsApp): string {
  const { publish, subscribe } = NATS_PERMISSIONS[app]
  const list = (subjects: readonly string[]): string =>
    subjects.map((subject) => `            "${subject}"\n`).join('')
  return `      {
        user: ${app}
        password: $${passwordVariable(app)}
        permissions: {
          publish: [
${list(publish)}          ]
          subscribe: [
${list(subscribe)}          ]
        }
      }
`
}

/** The text of docs/NATS-PERMISSIONS.md. */
export function renderNatsTable(): string {
  const section = (app: NatsApp): string => {
    const { publish, subscribe } = NATS_PERMISSIONS[app]
    const lines = (subjects: readonly string[]): string =>
      subjects.map((subject) => `- \`${subject}\`\n`).join('')
    return `\n## ${app}\n\nPublishes to:\n\n${lines(publish)}\nListens to:\n\n${lines(subscribe)}`
  }
  return `# Permissions at NATS

The least that each app works with, for an empty SUBJECT_PREFIX. Written by \`npm run env-example\` from
[nats-permissions.ts](../tools/workspace/src/nats-permissions.ts), as [accounts.conf](../deploy/nats/accounts.conf) is; a test runs all
apps with it. How to use it: [TRANSPORT.md](TRANSPORT.md). producer-sim does not talk to NATS.
${APPS.map(section).join('')}
## Third parties

Publish to ${SENDER_SUBJECTS.map((subject) => `\`${subject}\``).join(', ')}, in an account of their own, and listen to \`_INBOX.<user>.>\`.
`
}
