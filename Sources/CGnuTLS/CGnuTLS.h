#ifndef COUNTERSIGN_CGNUTLS_H
#define COUNTERSIGN_CGNUTLS_H

#include <gnutls/gnutls.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <gnutls/x509-ext.h>

#endif
