/*
 * What the machine itself can do on a cable: the measure for lib/link.
 *   wire blast IF COUNT RATE   sends COUNT frames, RATE of them a second; prints the rate that it reached
 *   wire tap IF COUNT RATE     the same into a tap, as a virtual machine does
 *   wire ping IF COUNT         sends a frame, waits for its echo, COUNT times; prints each round trip in nanoseconds
 *   wire echo IF               sends back what it hears, until it is ended
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

static const int frame_length = 118;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int open_port(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  int one = 1, size = 16 << 20;
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0) fail("SO_RCVBUFFORCE");
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) < 0) fail("PACKET_IGNORE_OUTGOING");
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name)};
  if (address.sll_ifindex == 0) fail(name);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  return fd;
}

static int open_tap(const char *name) {
  int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (fd < 0) fail("/dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(fd, TUNSETIFF, &request) < 0) fail(name);
  return fd;
}

/* The experimental EtherType; the frame's number stands behind it. */
static void make_frame(unsigned char *frame) {
  static const unsigned char header[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
  memset(frame, 0, frame_length);
  memcpy(frame, header, sizeof header);
}

static void blast(int fd, int count, double rate) {
  unsigned char frame[118];
  make_frame(frame);
  long long start = now();
  for (int i = 0; i < count; i++) {
    long long due = start + (long long)(i * 1e9 / rate);
    while (now() < due) {}
    memcpy(frame + 14, &i, sizeof i);
    if (write(fd, frame, frame_length) < 0) fail("write");
  }
  printf("%.0f\n", count * 1e9 / (now() - start));
}

static void ping(int fd, int count) {
  unsigned char frame[118], answer[2048];
  make_frame(frame);
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  for (int i = 0; i < count; i++) {
    memcpy(frame + 14, &i, sizeof i);
    long long sent = now();
    if (send(fd, frame, frame_length, 0) < 0) fail("send");
    for (;;) {
      if (poll(&wait, 1, 1000) <= 0) {
        fprintf(stderr, "no echo of frame %d within 1 s\n", i);
        exit(1);
      }
      ssize_t length = recv(fd, answer, sizeof answer, MSG_DONTWAIT);
      if (length >= frame_length && memcmp(answer, frame, frame_length) == 0) break;
    }
    printf("%lld\n", now() - sent);
    struct timespec pause = {0, 200000};
    nanosleep(&pause, NULL);
  }
}

static void echo(int fd) {
  unsigned char frame[2048];
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  for (;;) {
    if (poll(&wait, 1, -1) < 0) fail("poll");
    ssize_t length;
    while ((length = recv(fd, frame, sizeof frame, MSG_DONTWAIT)) > 0) {
      if (send(fd, frame, length, 0) < 0) fail("send");
    }
  }
}

int main(int argc, char **argv) {
  if (argc == 5 && strcmp(argv[1], "blast") == 0) blast(open_port(argv[2]), atoi(argv[3]), atof(argv[4]));
  else if (argc == 5 && strcmp(argv[1], "tap") == 0) blast(open_tap(argv[2]), atoi(argv[3]), atof(argv[4]));
  else if (argc == 4 && strcmp(argv[1], "ping") == 0) ping(open_port(argv[2]), atoi(argv[3]));
  else if (argc == 3 && strcmp(argv[1], "echo") == 0) echo(open_port(argv[2]));
  else {
    fprintf(stderr, "usage: wire blast|tap IF COUNT RATE | ping IF COUNT | echo IF\n");
    return 2;
  }
  return 0;
}
