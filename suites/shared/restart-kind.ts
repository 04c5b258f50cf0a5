export const isOf = (kind: 'reboot' | 'power-cut') => (one: { kind: string }) => one.kind === kind
