/** The calls about organisations: mine, their members and invitations, joining and leaving. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Organisation = Ok<paths["/api/organisations"]["get"]>["organisations"][number];
export type OrganisationPage = Ok<paths["/api/organisations/{organisation_id}"]["get"]>;
export type Member = NonNullable<OrganisationPage["members"]>[number];
export type Role = Organisation["gives"][number];
/** Its code is told once. */
export type RoleInvite = Made<paths["/api/organisations/{organisation_id}/invites"]["post"]>;

const of = (organisation_id: string) => ({ params: { path: { organisation_id } } });

export const organisations = async (): Promise<Organisation[]> => (await settle(client.GET("/api/organisations"))).organisations;

export const organisation = (id: string): Promise<OrganisationPage> =>
  settle(client.GET("/api/organisations/{organisation_id}", of(id)));

/** `registration` is a clinician's number with their board or council. */
export const join = (code: string, registration: string): Promise<OrganisationPage> =>
  settle(client.POST("/api/organisations/join", { body: { code, registration } }));

export const invite = (id: string, role: Role): Promise<RoleInvite> =>
  settle(client.POST("/api/organisations/{organisation_id}/invites", { ...of(id), body: { role } })) as Promise<unknown> as Promise<RoleInvite>;

export const endInvite = (id: string, invite_id: string): Promise<unknown> =>
  settle(
    client.DELETE("/api/organisations/{organisation_id}/invites/{invite_id}", {
      params: { path: { organisation_id: id, invite_id } },
    }),
  );

export const endRole = (id: string, member: string, role: Role): Promise<unknown> =>
  settle(
    client.DELETE("/api/organisations/{organisation_id}/members/{member}/{role}", {
      params: { path: { organisation_id: id, member, role } },
    }),
  );

export const leave = (id: string): Promise<unknown> =>
  settle(client.DELETE("/api/organisations/{organisation_id}/membership", of(id)));
