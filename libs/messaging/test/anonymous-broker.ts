import type { Broker, Consumer, Message } from '../src/ports.ts'

/** A broker whose deliveries have neither identity nor position, as those of AMQP. */
export function anonymousBroker(broker: Broker): Broker {
  const consumer = (spec: Parameters<Broker['consumer']>[0]): Consumer => {
    const known = broker.consumer(spec)
    return {
      run: (options) =>
        known.run({ ...options, handle: (batch) => options.handle(batch.map(anonymousMessage)) }),
      backlog: () => known.backlog(),
    }
  }
  return new Proxy(broker, {
    get: (target, name: keyof Broker) => {
      if (name === 'consumer') return consumer
      const member = target[name]
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function anonymousMessage(message: Message): Message {
  return {
    subject: message.subject,
    payload: message.payload,
    header: (name) => message.header(name),
    stream: message.stream,
    identity: undefined,
    position: undefined,
    deliveries: message.deliveries,
    ack: () => message.ack(),
    nak: (delayMs) => message.nak(delayMs),
    term: (reason) => message.term(reason),
    inProgress: () => message.inProgress(),
  }
}
