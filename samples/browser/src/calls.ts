import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { RoomService } from "./gen/rooms_pb";
import { UserService } from "./gen/users_pb";
import * as token from "./token";

const withToken: Interceptor = (next) => (request) => {
  if (token.current()) request.header.set("authorization", `Bearer ${token.current()}`);
  return next(request);
};

const server = document.querySelector<HTMLMetaElement>('meta[name="server"]')?.content || location.origin;
const transport = createGrpcWebTransport({ baseUrl: server, interceptors: [withToken] });

export const userService = createClient(UserService, transport);
export const roomService = createClient(RoomService, transport);

/** The deadline of a call that has one answer. A stream has none: it lasts while somebody looks at it. */
export const unary = { timeoutMs: 10_000 };
