import { camelKeys } from '#api/http/schemas.ts';
import type { CapabilityChanges, NewSkill, ProfileChanges } from '#db/stores/assistant-part-store.ts';
import type { CapabilitiesBody, ProfileBody } from './part-schemas.ts';

/** The parts of a validated body in the names of the domain. */
export const profileOf = (body: ProfileBody): ProfileChanges => camelKeys(body);

export const capabilitiesOf = ({ skills, ...lists }: CapabilitiesBody): CapabilityChanges => ({
  ...lists,
  ...(skills && { skills: skills.map((skill) => camelKeys<NewSkill>(skill)) }),
});

export const partsOf = ({
  profile,
  capabilities,
}: {
  readonly profile: ProfileBody | undefined;
  readonly capabilities: CapabilitiesBody | undefined;
}) => ({
  ...(profile && { profile: profileOf(profile) }),
  ...(capabilities && { capabilities: capabilitiesOf(capabilities) }),
});
